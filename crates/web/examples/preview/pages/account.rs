//! Signing up and in, one's account, organisations.

use luhuan_web::view::{
    Choice, CodePage, Consent, Errors, Identity, Member, Moment, NewOrganisationPage, OrganisationLink,
    OrganisationPage, OrganisationValues, PrivacyPage, ProfilePage, ProfileValues, SecurityPage, SessionRow,
    SignInPage, SignUpPage, SignUpValues, Tab, TokenRow,
};

use super::listings::districts;
use super::{Page, Stage, render};

fn identity(stage: Stage) -> Identity {
    Identity {
        name: stage.pick("王小满", "Wang Xiaoman"),
        phone: "138****5678".to_owned(),
        email: "w***@example.org".to_owned(),
        seller_kind: "private".to_owned(),
        since: stage.pick("2024 年 5 月", "May 2024"),
        ..Identity::default()
    }
}

fn kinds(stage: Stage) -> Vec<Choice> {
    ["private", "natural_person_trader", "registered_merchant"]
        .map(|kind| Choice {
            hint: stage.t.code("seller-means", kind).into_owned(),
            ..Choice::new(kind, stage.t.code("seller", kind), kind == "private")
        })
        .to_vec()
}

fn security(stage: Stage) -> SecurityPage {
    let session = |id: &str, device: &str, current| SessionRow {
        id: id.to_owned(),
        device: device.to_owned(),
        address: "114.247.*.*".to_owned(),
        last_used: Moment {
            iso: "2026-03-18T02:00:00Z".to_owned(),
            words: stage.pick("12 分钟前", "12 minutes ago"),
        },
        current,
    };
    SecurityPage {
        frame: stage.frame(&stage.t.get("security-title"), "/me/security", Tab::Me),
        has_password: true,
        password_min: 10,
        sessions: vec![session("1", "Chrome · Android", true), session("2", "Firefox · Linux", false)],
        tokens: vec![TokenRow {
            id: "1".to_owned(),
            name: stage.pick("店铺库存同步", "shop stock sync"),
            prefix: "lha_3fA9…".to_owned(),
            scopes: vec!["listings".to_owned()],
            expires: "2026-06-18".to_owned(),
            last_used: stage.pick("昨天", "yesterday"),
            expired: false,
        }],
        new_token: Some("lha_3fA9c2e47b1d40f6a8e5d7c90b21f3a4".to_owned()),
        scopes: ["read", "listings", "account"].map(|scope| Choice::new(scope, "", scope == "read")).to_vec(),
        lifetimes: vec![Choice::new("90", stage.pick("90 天", "90 days"), true)],
        ..SecurityPage::default()
    }
}

fn privacy(stage: Stage) -> PrivacyPage {
    let consent = |code: &str, zh: (&str, &str), en: (&str, &str), given, required| Consent {
        code: code.to_owned(),
        title: stage.pick(zh.0, en.0),
        detail: stage.pick(zh.1, en.1),
        given,
        required,
        since: if given { "2024-05-01".to_owned() } else { String::new() },
    };
    PrivacyPage {
        frame: stage.frame(&stage.t.get("privacy-title"), "/me/privacy", Tab::Me),
        consents: vec![
            consent(
                "terms",
                ("账号与交易", "登录、发布和交易所必需，保存到注销为止"),
                ("Account and trade", "needed to sign in, post and trade; kept until you close the account"),
                true,
                true,
            ),
            consent(
                "news",
                ("降价和新品通知", "收藏的东西降价时告诉您"),
                ("News on price drops", "tells you when something you watch gets cheaper"),
                false,
                false,
            ),
        ],
        has_password: false,
        code_to: "138****5678".to_owned(),
        kept: vec![stage.pick(
            "交易记录：三年（《电子商务法》第三十一条）",
            "Records of trades: three years (E-Commerce Law, art. 31)",
        )],
        ..PrivacyPage::default()
    }
}

fn organisation(stage: Stage) -> OrganisationPage {
    let member = |id: &str, zh: &str, en: &str, role: &str, is_me: bool| Member {
        id: id.to_owned(),
        name: stage.pick(zh, en),
        login: "138****5678".to_owned(),
        role: role.to_owned(),
        roles: if is_me { Vec::new() } else { roles(stage) },
        removable: !is_me,
        is_me,
    };
    OrganisationPage {
        frame: stage.frame(&stage.pick("双井旧物店", "Shuangjing Used Goods"), "/organisations/1", Tab::Me),
        id: "1".to_owned(),
        name: stage.pick("双井旧物店", "Shuangjing Used Goods"),
        kind: "seller-shop".to_owned(),
        licence_number: "9111****741K".to_owned(),
        licence_state: "fits".to_owned(),
        members: vec![
            member("1", "王小满", "Wang Xiaoman", "owner", true),
            member("2", "李明", "Li Ming", "clerk", false),
        ],
        member_count: 2,
        may_manage: true,
        may_place: true,
        values: OrganisationValues {
            name: stage.pick("双井旧物店", "Shuangjing Used Goods"),
            ..OrganisationValues::default()
        },
        roles: roles(stage),
        ..OrganisationPage::default()
    }
}

fn roles(stage: Stage) -> Vec<Choice> {
    ["clerk", "manager", "owner"]
        .map(|role| Choice::new(role, stage.t.code("member", role), role == "clerk"))
        .to_vec()
}

/// The pages of this file.
pub fn pages(stage: Stage) -> Result<Vec<Page>, askama::Error> {
    let mut wrong = Errors::none();
    wrong.add(
        "",
        stage.pick(
            "手机号、邮箱或密码不对。再错 3 次会锁定 15 分钟。",
            "Wrong login or password. After 3 more the account is locked for 15 minutes.",
        ),
    );
    let mut missing = Errors::none();
    missing.add(
        "password",
        stage.pick("密码太短，至少 10 个字。", "The password is too short: at least 10 characters."),
    );
    missing.add(
        "consent_privacy",
        stage.pick("请先阅读并同意隐私说明。", "Please read and agree to the privacy notice."),
    );
    let places = districts(stage).into_iter().map(|group| (group.name, group.subdistricts)).collect();
    let sign_in = SignInPage {
        frame: stage.stranger(&stage.t.get("sign-in-title"), "/sign-in"),
        login: "13800005678".to_owned(),
        next: "/me".to_owned(),
        errors: wrong,
        by_code: true,
        demo_accounts: vec![(
            stage.pick("居民", "resident"),
            "13800000001".to_owned(),
            "luhuan-demo-1".to_owned(),
        )],
    };
    let sign_up = SignUpPage {
        frame: stage.stranger(&stage.t.get("sign-up-title"), "/sign-up"),
        values: SignUpValues {
            login: "13800005678".to_owned(),
            name: stage.pick("王小满", "Wang Xiaoman"),
            terms: true,
            privacy: false,
        },
        districts: places,
        password_min: 10,
        next: "/".to_owned(),
        errors: missing,
    };
    let code = CodePage {
        frame: stage.stranger(&stage.t.get("code-title"), "/sign-in/code"),
        login: "13800005678".to_owned(),
        sent_to: "138****5678".to_owned(),
        minutes: 5,
        digits: 6,
        next: "/".to_owned(),
        errors: Errors::none(),
        in_console: true,
    };
    let profile = ProfilePage {
        frame: stage.frame(&stage.t.get("me-title"), "/me", Tab::Me),
        identity: identity(stage),
        on_offer: 3,
        watching: 12,
        drafts: 1,
        organisations: vec![OrganisationLink {
            url: "/organisations/1".to_owned(),
            name: stage.pick("双井旧物店", "Shuangjing Used Goods"),
            kind: "seller-shop".to_owned(),
            role: "owner".to_owned(),
        }],
        values: ProfileValues { name: identity(stage).name, ..ProfileValues::default() },
        seller_kinds: kinds(stage),
        districts: districts(stage),
        ..ProfilePage::default()
    };
    let new_organisation = NewOrganisationPage {
        frame: stage.frame(&stage.t.get("organisation-new"), "/organisations/new", Tab::Me),
        kinds: ["seller-shop", "recycler", "mall", "market", "packaging-operator"]
            .map(|kind| Choice::new(kind, stage.t.code("organisation", kind), kind == "seller-shop"))
            .to_vec(),
        values: OrganisationValues::default(),
        errors: Errors::none(),
    };
    Ok(vec![
        ("sign-in", render(&sign_in)?),
        ("sign-up", render(&sign_up)?),
        ("code", render(&code)?),
        ("me", render(&profile)?),
        ("me-security", render(&security(stage))?),
        ("me-privacy", render(&privacy(stage))?),
        ("organisation", render(&organisation(stage))?),
        ("organisation-new", render(&new_organisation)?),
    ])
}
