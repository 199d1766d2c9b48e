drop table enrolment_check;
drop table review_link;
drop table review_moderation;
drop table review_report;
drop table review_vote;
drop table review_reply;
drop table review;
