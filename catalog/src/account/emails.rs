//! Emails to account holders. They contain no names: anyone who signs up with somebody else's address could send them a
//! text of their choice.

use entity::account;

use crate::mail::Mail;

/// Email with the link that verifies an address.
pub(super) fn verify(account: &account::Model, link: &str) -> Mail {
    let text = format!(
        "Hello,\n\nthis address was given for an account in our catalogue of courses. If that was you, please open\n\n\
         {link}\n\nwithin a day. If it was not, there is nothing that you have to do.\n"
    );
    letter(account, "Please confirm your address", text)
}

/// Email with the link to choose a new password.
pub(super) fn reset(account: &account::Model, link: &str) -> Mail {
    let text = format!(
        "Hello,\n\nsomebody has asked for a new password for your account. If that was you, please open\n\n{link}\n\n\
         within an hour. If it was not, there is nothing that you have to do: your password stays as it is.\n"
    );
    letter(account, "Choose a new password", text)
}

/// Email that reports a changed password.
pub(super) fn changed(account: &account::Model) -> Mail {
    let text = "Hello,\n\nthe password of your account has been changed, and everybody who was signed in has been signed \
                out.\nIf that was not you, please ask for a new password at once.\n";
    letter(account, "Your password has been changed", text.to_owned())
}

fn letter(account: &account::Model, subject: &str, text: String) -> Mail {
    Mail { to: account.email.clone(), subject: subject.to_owned(), text }
}
