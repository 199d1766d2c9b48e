//! What letters say to those who are invited.

use crate::mail::Mail;

/// A letter with the link that makes them a member.
pub(super) fn invitation(to: String, provider: &str, link: &str) -> Mail {
    let text = format!(
        "Hello,\n\nyou are invited to look after the listings of {provider} in our catalogue of courses. Sign in with this \
         address, and open\n\n{link}\n\nwithin a fortnight. If you do not want to, there is nothing that you have to \
         do.\n"
    );
    Mail { to, subject: "An invitation".to_owned(), text }
}
