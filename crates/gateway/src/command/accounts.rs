//! `luhuan user`.

use std::{
    io::{IsTerminal, Read},
    process::ExitCode,
    sync::Arc,
};

use clap::Subcommand;
use luhuan_accounts::{Accounts, HashedPassword, NewUser};
use luhuan_kernel::{Id, Locale, Person, Role, SystemClock};

use super::{CommandError, operator};
use crate::{app::Contexts, config::Config};

#[derive(Subcommand)]
pub(super) enum User {
    /// Create a user; the password is read from standard input
    Create {
        /// Phone number or e-mail address
        login: String,
        /// Name to show
        #[arg(long, default_value = "管理员")]
        name: String,
        /// City-wide role; may be repeated
        #[arg(long = "role")]
        roles: Vec<Role>,
    },
    /// Grant a city-wide role
    Grant {
        /// Phone number or e-mail address
        login: String,
        /// The role
        role: Role,
    },
    /// Revoke a city-wide role
    Revoke {
        /// Phone number or e-mail address
        login: String,
        /// The role
        role: Role,
    },
    /// Set a new password, read from standard input; the user's sessions and tokens end
    ResetPassword {
        /// Phone number or e-mail address
        login: String,
    },
}

pub(super) async fn user(config: Config, command: User) -> Result<ExitCode, CommandError> {
    let app = Contexts::open(&config, Arc::new(SystemClock)).await?;
    let actor = operator();
    match command {
        User::Create { login, name, roles } => {
            let password = read_password(&app.accounts).await?;
            let uow = app.store.begin().await?;
            let user = NewUser {
                id: None,
                login,
                name,
                password: Some(password),
                roles: roles.into_iter().collect(),
                locale: Locale::ZhCn,
                subdistrict: None,
            };
            let id =
                app.accounts.create_user(&uow, &actor, user).await.map_err(|error| explain(&app, error))?;
            uow.commit().await?;
            println!("{id}");
        }
        User::Grant { login, role } => {
            let person = find(&app, &login).await?;
            let uow = app.store.begin().await?;
            app.accounts.grant_role(&uow, &actor, person, role).await?;
            uow.commit().await?;
        }
        User::Revoke { login, role } => {
            let person = find(&app, &login).await?;
            let uow = app.store.begin().await?;
            app.accounts.revoke_role(&uow, &actor, person, role).await?;
            uow.commit().await?;
        }
        User::ResetPassword { login } => {
            let person = find(&app, &login).await?;
            let password = read_password(&app.accounts).await?;
            let uow = app.store.begin().await?;
            app.accounts.reset_password(&uow, &actor, person, password).await?;
            uow.commit().await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn find(app: &Contexts, login: &str) -> Result<Id<Person>, CommandError> {
    let found = app.accounts.person_by_login(login).await.map_err(|error| explain(app, error))?;
    found.ok_or_else(|| CommandError::Other(format!("nobody signs in as '{login}'")))
}

/// The refusal in words, for people at a terminal.
pub(super) fn explain(app: &Contexts, error: luhuan_accounts::Error) -> CommandError {
    let problem = luhuan_kernel::Problem::from(error);
    let mut text = problem.detail(&app.texts, Locale::En);
    for field in problem.fields() {
        text.push_str(&format!("\n  {}: {}", field.field, field.message.render(&app.texts, Locale::En)));
    }
    CommandError::Other(text)
}

/// A password from standard input: never from the command line, which others can read.
async fn read_password(accounts: &Accounts) -> Result<HashedPassword, CommandError> {
    if std::io::stdin().is_terminal() {
        eprintln!("Password (it will show; end with Enter):");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        return hash(accounts, line.trim_end_matches(['\r', '\n'])).await;
    }
    let mut text = String::new();
    std::io::stdin().take(1024).read_to_string(&mut text)?;
    hash(accounts, text.trim_end_matches(['\r', '\n'])).await
}

async fn hash(accounts: &Accounts, password: &str) -> Result<HashedPassword, CommandError> {
    let password = luhuan_kernel::Secret::new(password.to_owned());
    accounts.hash_password("password", &password, None).await.map_err(|_| {
        CommandError::Other("the password is too short or too common: take at least 8 characters".to_owned())
    })
}
