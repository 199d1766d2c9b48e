drop index invitation_by_email;
drop index change_by_type;
