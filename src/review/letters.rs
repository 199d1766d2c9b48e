//! What letters to authors say.

use entity::account;

use crate::mail::Mail;

/// A letter with the link that verifies a review.
pub(super) fn verify(to: &account::Model, course: &str, link: &str) -> Mail {
    let text = format!(
        "Hello {},\n\nto show that your review of \"{course}\" was written by somebody who can be reached at this address, \
         please open\n\n{link}\n\nwithin a day. If you have written none, there is nothing that you have to do.\n",
        to.display_name
    );
    Mail { to: to.email.clone(), subject: "Please confirm your review".to_owned(), text }
}
