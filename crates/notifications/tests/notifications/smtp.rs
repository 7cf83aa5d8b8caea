//! Mails to a real mail server, where `LUHUAN_TEST_SMTP` names one (`smtp://host:port`) and
//! `LUHUAN_TEST_SMTP_MAILDIR` the Maildir that it fills.

use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use luhuan_kernel::{Id, Person, SystemClock};
use luhuan_notifications::{Mail, MailError, Mailer, SmtpMailer};

struct Post {
    mailer: SmtpMailer,
    maildir: PathBuf,
}

fn post() -> Option<Post> {
    let url = std::env::var("LUHUAN_TEST_SMTP").ok()?;
    let maildir = std::env::var("LUHUAN_TEST_SMTP_MAILDIR").unwrap().into();
    let mailer = SmtpMailer::new(&url, "绿环 <no-reply@luhuan.example>").unwrap();
    Some(Post { mailer, maildir })
}

fn mail(to: &str) -> Mail {
    Mail {
        id: Id::<Person>::new(&SystemClock).to_string(),
        to: to.to_owned(),
        subject: "买家已付款：“山地车”\r\nBcc: eve@example.org".to_owned(),
        text: "请按约定发货。\n.\nhttps://city.example/orders/1\n".to_owned(),
    }
}

/// The mail with this id, as it lies in the Maildir.
fn arrived(maildir: &Path, id: &str) -> Vec<String> {
    let files = std::fs::read_dir(maildir.join("new")).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    texts.filter(|text| text.contains(&format!("Message-ID: <{id}@luhuan.example>"))).collect()
}

#[tokio::test]
async fn a_mail_arrives_whole_and_a_title_cannot_add_recipients() {
    let Some(Post { mailer, maildir }) = post() else { return };
    let mail = mail("lin@example.org");
    mailer.send(&mail).await.unwrap();
    let arrived = arrived(&maildir, &mail.id);
    assert_eq!(arrived.len(), 1);
    let (head, body) = arrived[0].split_once("\n\n").unwrap();
    assert!(
        head.contains("X-RcptTo: lin@example.org") && head.contains("Auto-Submitted: auto-generated"),
        "{head}"
    );
    assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{head}");
    let encoded: String = body.split_whitespace().collect();
    let text = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
    assert_eq!(text.replace("\r\n", "\n"), mail.text);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_asked_again_later() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mailer = SmtpMailer::new(&format!("smtp://127.0.0.1:{port}"), "no-reply@luhuan.example").unwrap();
    let refused = mailer.send(&mail("lin@example.org")).await.unwrap_err();
    assert!(matches!(&refused, MailError::Later(why) if !why.contains("lin@")), "{refused}");
}
