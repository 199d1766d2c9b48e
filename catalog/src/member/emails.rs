//! Emails to people who are invited.

use crate::mail::Mail;

/// Builds the email with the link that accepts an invitation. Without the name of the provider it contains no text that
/// a stranger has chosen.
pub fn invitation(to: String, provider: Option<&str>, link: &str) -> Mail {
    let whose = provider.map_or_else(|| "a provider".to_owned(), |name| format!("the provider {name}"));
    let text = format!(
        "Hello,\n\nyou are invited to look after the listings of {whose} in our catalogue of courses. Sign in with this \
         address, and open\n\n{link}\n\nwithin a fortnight. If you do not want to, there is nothing that you have to \
         do.\n"
    );
    Mail { to, subject: "An invitation".to_owned(), text }
}
