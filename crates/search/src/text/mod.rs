//! What a text is made of, the same for what is searched and for what is asked.
//!
//! - [`fold`]: one form for each character: case, width, traditional and simplified.
//! - [`segment`]: words (jieba), and the tokens that an index keeps of them.
//! - [`reading`]: pinyin, full and initials.
//! - [`entry`]: what an index remembers of words by the ways they are typed.
//! - [`synonyms`]: words that mean the same, from data.

pub mod entry;
pub mod fold;
pub mod reading;
pub mod segment;
pub mod synonyms;
