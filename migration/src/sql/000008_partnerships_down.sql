drop table letter_limit;
drop table partnership;
