alter table course drop column max_class_size;
