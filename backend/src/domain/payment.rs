//! How money comes in. One way now, by invoice; another is another [`Provider`].

use std::sync::Arc;

use super::catalogue::Catalogue;
use super::entitlement::Feature;
use super::text::Text;

/// What a payment is found by again: the line of a statement, the number of a transfer.
pub type Reference = Text<1, 100>;

/// A way in which money comes in.
pub trait Provider: Send + Sync {
    /// Its name, kept with the orders that it was asked to collect.
    fn name(&self) -> &'static str;

    /// For how many days a submitted order waits for its payment.
    fn patience_days(&self) -> i64;
}

/// By invoice: the customer transfers the money, a person sees it come in and says so.
#[derive(Debug, Clone, Copy)]
pub struct Manual;

impl Provider for Manual {
    fn name(&self) -> &'static str {
        "manual"
    }

    fn patience_days(&self) -> i64 {
        14
    }
}

/// What is sold here, and how it is paid for.
#[derive(Clone)]
pub struct Shop {
    /// What can be ordered.
    pub catalogue: Arc<Catalogue>,
    /// How it is paid; `None`: nothing is sold here, and everything is unlocked.
    pub provider: Option<Arc<dyn Provider>>,
}

impl Shop {
    /// Whether everything is unlocked for everybody.
    pub fn is_closed(&self) -> bool {
        self.provider.is_none()
    }

    /// The products that unlock a feature.
    pub fn sellers_of(&self, feature: Feature) -> Vec<&str> {
        let products = self.catalogue.products.iter();
        products
            .filter(|product| product.entitlements.contain(feature))
            .map(|product| product.id.as_str())
            .collect()
    }
}
