//! Changes come in.

use luhuan_search::{Change, State};

use crate::support::{World, at, conformance, id_of, offer};

conformance! {
    async fn a_batch_is_findable_on_return_and_carries_its_cursor(world: World) {
        world.holds_titles(&[]).await;
        world.index.apply(vec![offer("台灯").put()], at(41)).await.unwrap();
        assert_eq!(world.titles("台灯").await, ["台灯"]);
        assert_eq!(world.index.cursor().await.unwrap(), Some(at(41)));
        let health = world.index.health().await;
        assert_eq!((health.state, health.documents, health.cursor), (State::Ready, 1, Some(at(41))));
    }
}

conformance! {
    async fn a_change_replaces_and_a_removal_removes(world: World) {
        world.holds_titles(&["台灯", "书桌"]).await;
        world.apply(vec![offer("台灯").version(2).titled("落地灯").put()]).await;
        assert!(world.titles("台灯").await.is_empty());
        assert_eq!(world.titles("落地灯").await, ["落地灯"]);
        world.apply(vec![Change::Remove { id: id_of("台灯"), version: 3 }]).await;
        assert!(world.titles("落地灯").await.is_empty());
        assert_eq!(world.index.health().await.documents, 1);
    }
}

conformance! {
    async fn an_older_change_never_undoes_a_newer(world: World) {
        world.holds_titles(&[]).await;
        world.apply(vec![offer("台灯").version(5).put()]).await;
        world.apply(vec![offer("台灯").version(4).titled("旧的台灯").put()]).await;
        assert_eq!(world.titles("台灯").await, ["台灯"]);
        world.apply(vec![Change::Remove { id: id_of("台灯"), version: 4 }]).await;
        assert_eq!(world.titles("台灯").await, ["台灯"]);
        // Within one batch too, in whatever order.
        let change = |version: i64, title: &str| offer("台灯").version(version).titled(title).put();
        world.apply(vec![change(7, "新的台灯"), change(6, "半新的台灯")]).await;
        assert_eq!(world.titles("台灯").await, ["新的台灯"]);
    }
}

conformance! {
    async fn a_batch_may_be_repeated(world: World) {
        world.holds_titles(&[]).await;
        for _ in 0..2 {
            world.index.apply(vec![offer("台灯").put(), offer("书桌").put()], at(3)).await.unwrap();
        }
        assert_eq!(world.index.health().await.documents, 2);
        assert_eq!(world.titles("台灯").await, ["台灯"]);
    }
}

conformance! {
    async fn a_rebuild_takes_the_place_of_the_old_at_once(world: World) {
        world.holds_titles(&["台灯"]).await;
        let mut rebuild = world.index.rebuild().await.unwrap();
        rebuild.add(vec![offer("书桌").0]).await.unwrap();
        assert_eq!(world.titles("台灯").await, ["台灯"], "the old one serves meanwhile");
        world.index.apply(vec![offer("落地灯").put()], at(77)).await.unwrap();
        rebuild.finish(at(50)).await.unwrap();
        assert!(world.titles("台灯").await.is_empty());
        assert_eq!(world.titles("书桌").await, ["书桌"]);
        assert_eq!(world.index.cursor().await.unwrap(), Some(at(50)), "what came meanwhile is to be applied again");
    }
}

conformance! {
    async fn a_rebuild_given_up_changes_nothing(world: World) {
        world.holds_titles(&["台灯"]).await;
        let mut rebuild = world.index.rebuild().await.unwrap();
        rebuild.add(vec![offer("书桌").0]).await.unwrap();
        drop(rebuild);
        assert_eq!(world.titles("台灯").await, ["台灯"]);
        assert!(world.titles("书桌").await.is_empty());
    }
}
