//! Emails to authors. They name no person and no course: otherwise anyone could use somebody else's address to send
//! them text.

use entity::account;

use crate::mail::Mail;

/// Email with the link that verifies a review.
pub fn verify(to: &account::Model, link: &str) -> Mail {
    let text = format!(
        "Hello,\n\nto show that a review in our catalogue of courses was written by somebody who can be reached at this \
         address, please open\n\n{link}\n\nwithin a day. If you have written none, there is nothing that you have to do.\n"
    );
    Mail { to: to.email.clone(), subject: "Please confirm your review".to_owned(), text }
}
