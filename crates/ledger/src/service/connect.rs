//! Connected accounts: where a seller receives transfers.

use luhuan_kernel::{Actor, Id, Money};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    Ledger, Share,
    payouts::{NewPayout, PayoutWay},
};
use crate::{
    AccountKind, AccountOwner, Error, Provider,
    entity::{payment, provider_account},
    policy,
    provider::{AccountNews, AccountOrder},
};

impl Ledger {
    /// Opens the owner's connected account at Stripe, unless there is one, and answers an address where they show
    /// Stripe who they are. In units of its own: the network is called in between. Repeated after a crash it opens the
    /// same account.
    ///
    /// # Errors
    /// [`Error::ProviderOff`]; [`Error::Provider`] when Stripe does not do it.
    pub async fn connect(
        &self,
        actor: &Actor,
        owner: &AccountOwner,
        return_url: &str,
    ) -> Result<(provider_account::Model, String), Error> {
        policy::pay_out(actor, owner)?;
        let remote = self.providers().remote(Provider::Stripe)?;
        let row = self.provider_account(owner).await?;
        let news = match &row.provider_ref {
            Some(reference) => remote.account(reference).await?,
            None => remote.open_account(&AccountOrder { id: row.id, owner: row.owner.clone() }).await?,
        };
        let uow = self.store().begin().await?;
        let row = apply(&uow, row, &news).await?;
        uow.commit().await?;
        let address = remote.onboarding(&news.reference, return_url).await?;
        Ok((row, address))
    }

    /// The owner's connected account, if there is one.
    ///
    /// # Errors
    /// When the actor may not see the owner's accounts.
    pub async fn connected(
        &self,
        actor: &Actor,
        owner: &AccountOwner,
    ) -> Result<Option<provider_account::Model>, Error> {
        policy::view_account(actor, owner)?;
        let key = (owner.to_string(), Provider::Stripe.code().to_owned());
        Ok(provider_account::Entity::find_by_id(key).one(self.store().reader()).await?)
    }

    /// The row of the owner's account, written down before Stripe is asked.
    async fn provider_account(&self, owner: &AccountOwner) -> Result<provider_account::Model, Error> {
        let uow = self.store().begin().await?;
        let key = (owner.to_string(), Provider::Stripe.code().to_owned());
        let new = provider_account::Model {
            owner: key.0.clone(),
            provider: key.1.clone(),
            id: Id::new(self.store().clock()),
            provider_ref: None,
            may_receive: 0,
            created_at: uow.now(),
            updated_at: uow.now(),
        };
        let unless_there =
            OnConflict::columns([provider_account::Column::Owner, provider_account::Column::Provider])
                .do_nothing()
                .to_owned();
        provider_account::Entity::insert(new.into_active_model().reset_all())
            .on_conflict(unless_there)
            .exec_without_returning(uow.tx())
            .await?;
        let row = provider_account::Entity::find_by_id(key).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        uow.commit().await?;
        Ok(row)
    }

    /// The provider's id of the owner's account, if transfers may go there.
    pub(super) async fn receiving_account(
        &self,
        uow: &UnitOfWork,
        owner: &AccountOwner,
    ) -> Result<String, Error> {
        let key = (owner.to_string(), Provider::Stripe.code().to_owned());
        let row = provider_account::Entity::find_by_id(key).one(uow.tx()).await?;
        row.filter(|row| row.may_receive == 1).and_then(|row| row.provider_ref).ok_or(Error::NotConnected)
    }

    /// Takes a provider's news of an account into account.
    pub(super) async fn apply_account_news(
        &self,
        uow: &UnitOfWork,
        news: &AccountNews,
    ) -> Result<bool, Error> {
        let row = provider_account::Entity::find()
            .filter(provider_account::Column::Provider.eq(Provider::Stripe.code()))
            .filter(provider_account::Column::ProviderRef.eq(&news.reference))
            .one(uow.tx())
            .await?;
        let Some(row) = row else { return Ok(false) };
        apply(uow, row, news).await?;
        Ok(true)
    }

    /// What a seller got of an order that was paid through Stripe goes on to their connected account, if they have
    /// one: the money of a wallet stays in wallets.
    pub(super) async fn transfer_shares(
        &self,
        uow: &UnitOfWork,
        order: Uuid,
        reference: &str,
        shares: &[Share],
    ) -> Result<(), Error> {
        if self.providers().remote(Provider::Stripe).is_err() {
            return Ok(());
        }
        let through_stripe = super::payments::of_order(order)
            .filter(payment::Column::Provider.eq(Provider::Stripe.code()))
            .filter(payment::Column::State.eq(crate::PaymentState::Succeeded.code()))
            .one(uow.tx())
            .await?;
        if through_stripe.is_none() {
            return Ok(());
        }
        for share in shares {
            let for_seller = share.kind == AccountKind::Available
                && matches!(share.to, AccountOwner::Person(_) | AccountOwner::Organisation(_));
            if for_seller && share.amount.minor > 0 && self.receiving_account(uow, &share.to).await.is_ok() {
                let new = NewPayout {
                    owner: share.to.clone(),
                    amount: Money::cny(share.amount.minor),
                    way: PayoutWay::Connected,
                    reference: format!("order {order} {reference}"),
                };
                self.pay_out(uow, new).await?;
            }
        }
        Ok(())
    }
}

async fn apply(
    uow: &UnitOfWork,
    mut row: provider_account::Model,
    news: &AccountNews,
) -> Result<provider_account::Model, Error> {
    let may_receive = i64::from(news.may_receive);
    if row.provider_ref.as_deref() == Some(news.reference.as_str()) && row.may_receive == may_receive {
        return Ok(row);
    }
    row.provider_ref = Some(news.reference.clone());
    row.may_receive = may_receive;
    row.updated_at = uow.now();
    Ok(row.into_active_model().reset_all().update(uow.tx()).await?)
}
