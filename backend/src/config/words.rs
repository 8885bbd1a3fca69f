//! Settings whose values are single lower-case words. Unlike those of the domain they have no
//! `Default`: an environment must never come from one.

/// Gives a fieldless enum `as_str`, `Display` and an exact `FromStr` from one table.
macro_rules! words {
    ($type:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $type {
            /// The word as it is written in the configuration.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::config::reader::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(crate::config::reader::Invalid),
                }
            }
        }
    };
}

pub(super) use words;
