drop table provider_name_request;
alter table certification drop column status;
