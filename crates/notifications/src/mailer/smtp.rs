//! Mails by SMTP.

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use super::{Mail, MailError, Mailer};

/// How long the mail server may take for one mail.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What is said of a mailbox or a mail itself (RFC 5321 §4.2.3): trying again will not help. Other refusals, such as of
/// our password, are the operator's to mend; mails wait for that.
const FOR_GOOD: [u16; 4] = [550, 551, 552, 553];

/// Hands mails to one server.
///
/// The server's address is a URL: `smtps://user:password@host` for TLS from the start (port 465),
/// `smtp://user:password@host?tls=required` for STARTTLS (port 587), `smtp://host:25` for a relay on the same machine.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpMailer {
    /// A mailer to a server. `from` is an address, or a name with one: `Lühuan <no-reply@example.org>`.
    ///
    /// # Errors
    /// In words for the operator, when the URL or the address is none. The URL is not repeated, since it may hold a
    /// password.
    pub fn new(url: &str, from: &str) -> Result<Self, String> {
        let from: Mailbox =
            from.parse().map_err(|error| format!("'{from}' is no sender of mails: {error}"))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| format!("the address of the mail server cannot be read: {error}"))?
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Self { transport, from })
    }

    fn message(&self, mail: &Mail) -> Result<Message, MailError> {
        let never = |what: &str| MailError::Never(what.to_owned());
        let to: Address = mail.to.parse().map_err(|_| never("the address is none"))?;
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&mail.subject))
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|_| never("it cannot be composed"))?;
        // RFC 3834: nobody's holiday notice answers a program.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Ok(message)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = self.message(mail)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            // What the server said may repeat the address: the code alone goes to the log.
            Err(error) => match error.status().map(u16::from) {
                Some(code) if FOR_GOOD.contains(&code) => {
                    Err(MailError::Never(format!("the server said {code}")))
                }
                Some(code) => Err(MailError::Later(format!("the server said {code}"))),
                None if error.is_timeout() => Err(MailError::Later("the server took too long".to_owned())),
                None => Err(MailError::Later(format!("the server cannot be reached: {error}"))),
            },
        }
    }
}

/// A text without line ends and other control characters: a title that somebody wrote stays in its header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_cannot_add_headers() {
        let mailer = SmtpMailer::new("smtp://127.0.0.1:25", "绿环 <no-reply@example.org>").unwrap();
        let mail = Mail {
            id: "1".into(),
            to: "lin@example.org".into(),
            subject: "车\r\nBcc: other@example.org".into(),
            text: "x".into(),
        };
        let message = String::from_utf8(mailer.message(&mail).unwrap().formatted()).unwrap();
        assert!(!message.lines().any(|line| line.starts_with("Bcc")));
        assert!(
            message.contains("Message-ID: <1@example.org>")
                && message.contains("Auto-Submitted: auto-generated")
        );
    }

    #[test]
    fn an_address_that_is_none_is_never_written_to() {
        let mailer = SmtpMailer::new("smtp://127.0.0.1:25", "no-reply@example.org").unwrap();
        let mail = Mail { id: "1".into(), to: "lin".into(), subject: String::new(), text: String::new() };
        assert!(matches!(mailer.message(&mail), Err(MailError::Never(_))));
        assert!(SmtpMailer::new("http://127.0.0.1", "no-reply@example.org").is_err());
        assert!(SmtpMailer::new("smtp://127.0.0.1", "nobody").is_err());
    }
}
