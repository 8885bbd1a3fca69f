//! Every failure, named once: the code that clients branch on, the status, and what it means.

use std::fmt;

use diesel::result::DatabaseErrorKind;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::config::DatabaseUrl;

macro_rules! codes {
    ($($variant:ident $status:literal $code:literal $title:literal $help:literal)+) => {
        /// A stable code for a failure. `type` in a problem is `/problems/<code>`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $title] $variant),+ }

        impl Code {
            /// Every code, in the order of their statuses.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The HTTP status.
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }
            /// The name that never changes.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// What it is, in a few words.
            pub const fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }
            /// What to do about it.
            pub const fn help(self) -> &'static str { match self { $(Self::$variant => $help),+ } }
        }
    };
}

codes! {
    InvalidJson 400 "invalid_json" "The body is not JSON" "Send one JSON document in UTF-8. The detail names the line and the column."
    InvalidParameter 400 "invalid_parameter" "A parameter is not valid" "Each wrong parameter is named, with what is allowed."
    UnknownParameter 400 "unknown_parameter" "This parameter does not exist" "Parameters are never ignored, so that a typing error is not one of meaning."
    InvalidCursor 400 "invalid_cursor" "This cursor does not belong here" "A cursor goes with the list, filter and order that gave it. Begin again without one."
    InvalidHeader 400 "invalid_header" "A header is not valid" "The detail names the header and what is allowed."
    Unauthenticated 401 "unauthenticated" "This needs a credential" "Send Authorization: Bearer with a token of the board, such as the own_token that its creation answered."
    InvalidCredential 401 "invalid_credential" "This credential is not valid" "It is malformed, expired, revoked or not ours. Without any credential, public boards can still be read."
    InvalidLogin 401 "invalid_login" "This log-in is not valid" "The address or the password is wrong. POST /auth/password/forgot sends a mail by which a new one can be chosen."
    Forbidden 403 "forbidden" "This credential may look, but not do this" "Use a link of the board with more rights."
    ProductRequired 403 "product_required" "This needs a product" "products lists what unlocks it; POST /orders orders it. Nothing that keeps, restores or shares a board is ever among it."
    NotFound 404 "not_found" "There is nothing here" "It does not exist, or it is not visible to you."
    NoSuchMoment 404 "no_such_moment" "The board was not there then" "The detail says from when to when, and from which revision to which, the board has a history."
    WrongIdType 404 "wrong_id_type" "This is the id of something else" "The detail says which kind of id belongs here."
    Trashed 404 "trashed" "This is in the trash" "It can be restored with POST …/restore, and seen with ?state=trashed."
    Voided 404 "voided" "This score was taken back" "It can be restored with POST …/restore, and seen with ?voided=true."
    MethodNotAllowed 405 "method_not_allowed" "This method does not exist here" "The Allow header lists those that do."
    ExternalIdTaken 409 "external_id_taken" "This external_id is taken" "It is unique on its board, or among the boards of an account, also among what is in the trash."
    EmailTaken 409 "email_taken" "This address has an account" "Log in with it, or choose a new password with POST /auth/password/forgot."
    AlreadyClaimed 409 "already_claimed" "The board belongs to another account" "Its owner can make an own link for you."
    PlayerChanged 409 "player_changed" "The player was scored meanwhile" "A set with base_revision never overwrites a newer score. Both values are in the problem."
    RoundClosed 409 "round_closed" "The round is closed" "Open it again with PATCH, or leave it as it is."
    OrderState 409 "order_state" "The order's state does not allow this" "The detail names the state."
    LastOwnLink 409 "last_own_link" "This is the last link that owns the board" "Make another own link without an end first, so that the board always has an owner."
    LinkInUse 409 "link_in_use" "A link does not renew itself" "If the answer were lost, you would be locked out. Make another own link, come with that one, and revoke or renew this one."
    JoinClosed 409 "join_closed" "Nobody new comes in here" "The owner of the board lets nobody new in, or has taken this seat back. Ask the owner."
    BoardFull 409 "board_full" "Every seat is taken" "The owner of the board can revoke seats that are no longer used."
    UndoConflict 409 "undo_conflict" "A later change is in the way" "The problem names the revision and the field that it changed. Undo that one first, or go back with POST …/rewind."
    NotUndoable 409 "not_undoable" "This cannot be undone" "Links, the owner, who may look, decimals and the trash of a board do not go back with its scores. Change them back by hand."
    NotTrashed 409 "not_trashed" "This is not in the trash" "There is nothing to restore."
    PreconditionFailed 412 "precondition_failed" "It has changed since you read it" "The present representation is in the problem as current. Read it, then decide."
    BodyTooLarge 413 "body_too_large" "The body is too large" "At most 1 MiB, a picture 256 KiB. Send a batch in parts."
    UnsupportedMediaType 415 "unsupported_media_type" "This media type is not understood" "Send application/json, or application/merge-patch+json with PATCH."
    InvalidFields 422 "invalid_fields" "Some fields are not valid" "errors lists each with a pointer, a code and what is allowed."
    UnknownPlayer 422 "unknown_player" "This player is not on the board" "The pointer says which. A player in the trash must be restored first."
    UnknownRound 422 "unknown_round" "This round is not on the board" "The pointer says which. A round in the trash must be restored first."
    UnknownProduct 422 "unknown_product" "This product is not in the catalogue" "GET /products lists what can be ordered."
    InvalidToken 422 "invalid_token" "This token is not good any more" "Each works once, and not for long. Ask for a new mail."
    WrongPassword 422 "wrong_password" "The present password is wrong" "Whoever changes a password or an address shows that the account is theirs."
    TooManyDecimals 422 "too_many_decimals" "More decimals than the board has" "The board's decimals may grow by PATCH; then the value fits."
    InvalidImage 422 "invalid_image" "This picture is not taken" "PNG, JPEG or WebP, at most 256 KiB and 2,000 pixels a side. SVG is refused: it can hold scripts."
    RefundExceedsPayment 422 "refund_exceeds_payment" "This is more than is left" "refundable_minor says how much was paid and not yet given back."
    DecimalsShrink 422 "decimals_shrink" "decimals may only grow" "An entry keeps every digit that it was written with."
    TotalOutOfRange 422 "total_out_of_range" "The total would not fit" "A total has at most 15 digits, decimals included."
    OpNotAllowed 422 "op_not_allowed" "set needs the rule sum" "Under the other rules every entry stands for itself: use add."
    ClientIdReused 422 "client_id_reused" "This client_id stands for another score" "A client_id means one score for ever: same player, same value, same op."
    IdempotencyKeyReused 422 "idempotency_key_reused" "This Idempotency-Key stands for another request" "The same key goes with the same body. Use a new one."
    WeakIdempotencyKey 422 "weak_idempotency_key" "This Idempotency-Key is too weak" "Without a credential the key must be a UUID, so that nobody meets another's."
    IdempotencyKeyRequired 422 "idempotency_key_required" "This needs an Idempotency-Key" "Orders are never made twice: send a UUID of your own."
    AccountRequired 422 "account_required" "This needs an account" "A private board belongs to an account. Choose unlisted: it is shown to nobody who was not given the address."
    GameRequired 422 "game_required" "This order needs a board" "Without an account an order belongs to the board whose own link makes it: send game_id."
    RateLimited 429 "rate_limited" "Too many requests" "Wait as many seconds as Retry-After says. RateLimit tells beforehand how many are left."
    Internal 500 "internal" "Something is wrong with us" "Nothing was changed. The request_id finds it in our log."
    PaymentsDisabled 501 "payments_disabled" "Nothing is sold here" "Everything is unlocked. Whoever runs the server can set SCOREHOLD__BILLING__ENABLED."
    Unavailable 503 "unavailable" "Not now" "The database could not be reached, or the outcome is unknown. A retry with the same client_id or Idempotency-Key is safe."
    MailDisabled 503 "mail_disabled" "This server sends no mail" "Whoever runs it can set SCOREHOLD__MAIL__SMTP_URL and SCOREHOLD__MAIL__FROM."
    Maintenance 503 "maintenance" "The server is being looked after" "Nothing of yours was written. Keep it and try again; Retry-After says when. A retry with the same client_id or Idempotency-Key is safe."
    Busy 503 "busy" "Too much at once" "The queue is full. Try again in a second."
    NotYet 503 "not_yet" "This revision is not here yet" "The board has not reached min_revision on this node. Try again."
}

/// One field at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where: a JSON pointer into the body (RFC 6901), or the name of a parameter or header.
    pub pointer: String,
    /// What kind of fault.
    pub code: String,
    /// What was found, and what is allowed.
    pub detail: String,
}

/// A failure on its way to the client.
#[derive(Debug)]
pub struct Error {
    /// Which.
    pub code: Code,
    /// This case of it, for people.
    pub detail: String,
    /// The fields at fault.
    pub errors: Vec<FieldError>,
    /// Further members of the problem.
    pub members: Map<String, Value>,
}

/// What most functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

const NO_ROOM: &str = "There is no room for it at the moment. Nothing of yours was written; a retry with the same key is safe.";

impl Error {
    /// A failure with a sentence about this case of it.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            members: Map::new(),
        }
    }

    /// A failure of one field or parameter.
    pub fn at(code: Code, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::field(code, pointer, code.name(), detail)
    }

    /// A failure of one field, with a code of its own for the field.
    pub fn field(
        code: Code,
        pointer: impl Into<String>,
        field: &str,
        detail: impl Into<String>,
    ) -> Self {
        let (pointer, detail) = (pointer.into(), detail.into());
        let errors = vec![FieldError {
            pointer,
            code: field.to_owned(),
            detail: detail.clone(),
        }];
        Self {
            errors,
            ..Self::new(code, detail)
        }
    }

    /// The same failure, of an item within a list: `/scores/3` before the pointer.
    #[must_use]
    pub fn within(mut self, prefix: &str) -> Self {
        for error in &mut self.errors {
            error.pointer = format!("{prefix}{}", error.pointer);
        }
        self
    }

    /// The same failure with a further member.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// Nothing there, or nothing that this caller may see.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            Code::NotFound,
            format!("There is no such {what}, or it is not visible to you."),
        )
    }

    /// The outcome is unknown, or nothing could be done.
    pub fn unavailable() -> Self {
        Self::new(
            Code::Unavailable,
            "The database does not answer. A retry with the same key is safe.",
        )
    }

    /// Whether it is for want of room on the disk.
    pub fn is_for_room(&self) -> bool {
        self.detail == NO_ROOM
    }

    /// The queue is full.
    pub fn busy() -> Self {
        Self::new(
            Code::Busy,
            "Too many changes are waiting. Nothing of yours was written.",
        )
    }

    /// A fault of ours: logged here, and told to nobody.
    pub fn internal(cause: &dyn fmt::Display) -> Self {
        tracing::error!(%cause, "a fault of ours");
        Self::new(Code::Internal, "Nothing was changed.")
    }

    pub(crate) fn panicked(cause: tokio::task::JoinError) -> Self {
        Self::internal(&cause)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.detail)
    }
}

impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    fn from(cause: diesel::result::Error) -> Self {
        use diesel::result::Error as Diesel;
        match cause {
            Diesel::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            )
            | Diesel::BrokenTransactionManager => {
                tracing::error!(%cause, "the database is out of reach");
                Self::unavailable()
            }
            Diesel::DatabaseError(kind, ref told) if is_passing(kind, told.message()) => {
                tracing::warn!(%cause, "the database gave up on a request");
                Self::unavailable()
            }
            Diesel::DatabaseError(_, ref told) if is_full(told.message()) => {
                tracing::error!(%cause, "the disk of the database is full");
                Self::new(Code::Unavailable, NO_ROOM)
            }
            _ => Self::internal(&cause),
        }
    }
}

/// Whether it is over when it is tried again: somebody else's change, or change of the schema, was in the way.
/// Of these diesel knows only one by its code, and tells the others by PostgreSQL's own words.
fn is_passing(kind: DatabaseErrorKind, words: &str) -> bool {
    const GAVE_UP: [&str; 2] = ["deadlock detected", "canceling statement due to "];
    matches!(kind, DatabaseErrorKind::SerializationFailure)
        || GAVE_UP.iter().any(|start| words.starts_with(start))
}

/// PostgreSQL has a code for it, which diesel does not hand on.
fn is_full(words: &str) -> bool {
    const WORDS: [&str; 2] = ["No space left on device", "could not extend file"];
    WORDS.iter().any(|some| words.contains(some))
}

impl From<r2d2::Error> for Error {
    fn from(cause: r2d2::Error) -> Self {
        tracing::error!(%cause, "no connection to the database");
        Self::unavailable()
    }
}

/// Translates a broken constraint into a failure with a name; by kind, never by the engine's text.
pub trait OnUnique<T> {
    /// The failure to report when a unique constraint refuses the row.
    ///
    /// # Errors
    /// `failure` for a unique violation, otherwise what the query's own error means.
    fn on_unique(self, failure: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnUnique<T> for diesel::QueryResult<T> {
    fn on_unique(self, failure: impl FnOnce() -> Error) -> Result<T> {
        use diesel::result::Error as Diesel;
        self.map_err(|cause| match cause {
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => failure(),
            other => Error::from(other),
        })
    }
}

/// Why a command does not go on: printed for the operator, with the exit code of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartError {
    /// 1, 64, 65, 66, 69, 73, 74, 77 or 78.
    pub exit: u8,
    /// What was found, what was not touched, what to do next.
    pub message: String,
}

impl StartError {
    /// A reason with its exit code.
    pub fn new(exit: u8, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }

    /// The database is out of reach: 69.
    pub fn unreachable(url: &DatabaseUrl, cause: &dyn fmt::Display) -> Self {
        Self::new(69, format!("the database {url} cannot be reached: {cause}"))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StartError {}
