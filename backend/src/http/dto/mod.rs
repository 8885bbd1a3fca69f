//! What the API takes and answers. Types that come in are apart from those that go out; both are
//! turned from and into the domain's here and nowhere else.

pub mod event;
pub mod export;
pub mod game;
pub mod history;
pub mod journal;
pub mod link;
pub mod logo;
pub mod order;
pub mod payment;
pub mod player;
pub mod round;
pub mod score;
pub mod seat;
pub mod standing;
pub mod user;

/// Describes one page of a list; it is made by `page::Keyset::answer`.
macro_rules! list {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(utoipa::ToSchema)]
        #[allow(dead_code, reason = "described in the document, never made")]
        pub struct $name {
            /// The rows of this page.
            #[schema(max_items = 1000)]
            pub data: Vec<$item>,
            /// Whether more rows follow.
            pub has_more: bool,
            /// Ask again with `?cursor=` and this for the next page.
            #[schema(required, max_length = 200)]
            pub next_cursor: Option<String>,
        }
    };
}
pub(crate) use list;
