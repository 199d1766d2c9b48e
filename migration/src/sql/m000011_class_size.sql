-- The maximum number of learners in a class. Courses from before state none.
alter table course add column max_class_size integer check (max_class_size between 1 and 10000);

-- down

alter table course drop column max_class_size;
