//! The object pictures that come with the program.

use std::sync::{LazyLock, OnceLock};

use image::{ImageFormat, RgbaImage};

use super::PhotoError;

macro_rules! pictures {
    ($($name:literal)+) => {
        &[$(($name, include_bytes!(concat!("../../data/emoji/", $name, ".webp")) as &[u8])),+]
    };
}

/// Name and file of each, in the order of the names. Sources and licence: `data/emoji/README.md`.
const PICTURES: &[(&str, &[u8])] = pictures! {
    "abacus" "accordion" "acoustic-guitar" "action-camera" "admission-tickets" "air-conditioner" "air-fryer"
    "air-purifier" "alarm-clock" "amphora" "aquarium" "artist-palette" "automobile" "axe" "baby-bottle"
    "baby-carrier" "backpack" "badminton" "banjo" "barber-pole" "basket" "basketball" "bathroom-scale"
    "beads" "beauty-wand" "bed" "bedding" "bento-box" "bicycle" "billed-cap" "billiards" "blender"
    "blue-book" "bone" "books" "bookshelf" "bowl-with-spoon" "boxing-glove" "briefcase" "broom" "bucket"
    "building-bricks" "cabinet" "cactus" "camera" "camera-with-flash" "camping" "candle" "carpentry-saw"
    "chair" "chart-increasing" "city-bike" "clipboard" "closed-book" "coat" "coffee-machine" "coffee-table"
    "coin" "commercial-kitchen" "compact-camera" "compass" "computer-mouse" "control-knobs"
    "convenience-store" "cooking" "couch-and-lamp" "crayon" "crib" "cup-with-straw" "cupcake" "cycling-gear"
    "desk" "desktop-computer" "desktop-tower" "dining-table" "diving-mask" "down-jacket" "drawing-tablet"
    "dress" "drone" "drum" "dumbbell" "dvd" "earbuds" "electric-plug" "envelope" "ereader" "eyeglasses"
    "fan" "fax-machine" "feature-phone" "file-cabinet" "film-camera" "film-frames" "fishing-pole"
    "flashlight" "flat-shoe" "floppy-disk" "folding-bike" "fork-and-knife-with-plate" "fountain-pen"
    "framed-picture" "fridge" "game-console" "game-die" "gear" "gem-stone" "gloves" "goggles"
    "graphics-card" "green-book" "guitar" "guzheng" "hair-dryer" "hammer-and-wrench" "handbag" "hard-disk"
    "headphone" "heater" "high-heeled-shoe" "high-voltage" "highchair" "hiking-boot" "hot-beverage"
    "humidifier" "ice-skate" "instant-camera" "iron" "jeans" "joker" "joystick" "kettle" "keyboard"
    "kids-bike" "kids-clothes" "kimono" "kitchen-knife" "kite" "knitwear" "ladder" "lamp" "laptop" "leash"
    "ledger" "lens" "light-bulb" "lipstick" "litter-box" "lock" "long-drum" "lotion-bottle" "luggage"
    "mahjong" "mans-shoe" "mantelpiece-clock" "manual-wheelchair" "massager" "mattress" "medal" "memo"
    "memory-module" "microphone" "microscope" "microwave" "mirror" "mobile-phone" "motor-scooter"
    "motorized-wheelchair" "musical-keyboard" "necktie" "nesting-dolls" "newspaper"
    "notebook-with-decorative-cover" "office-desk" "old-radio" "one-piece-swimsuit" "open-book"
    "optical-disc" "orange-book" "package" "paintbrush" "paw-prints" "pencil" "perfume" "pet-bowl"
    "pet-house" "phone-case" "piano" "ping-pong" "playground-slide" "pot-of-food" "potable-water"
    "potted-plant" "power-bank" "power-drill" "prayer-beads" "printer" "projector" "purse" "puzzle-piece"
    "racing-car" "radio" "razor" "receipt" "recycling" "rice-cooker" "ride-on" "ring" "road-bike" "robot"
    "robot-vacuum" "roller-skate" "rosette" "router" "rug" "running-shirt" "safe" "saxophone" "scarf"
    "scooter" "scroll" "seat" "seedling" "sewing-machine" "shelf" "shopping-cart" "shorts" "shower"
    "skateboard" "skis" "sleeping-bag" "smart-watch" "sneaker" "soccer-ball" "speaker" "stopwatch" "stove"
    "straight-ruler" "stroller" "studio-microphone" "sunglasses" "t-shirt" "tablet" "teacup" "teapot"
    "teddy-bear" "telephone" "telescope" "television" "tennis" "tent" "thong-sandal" "thread" "toolbox"
    "toothbrush" "top-hat" "toy-learning" "treadmill" "tripod" "trumpet" "tumbler" "tyre" "ukulele"
    "umbrella" "vacuum-cleaner" "video-camera" "video-game" "violin" "volleyball" "wardrobe"
    "washing-machine" "watch" "window" "womans-boot" "womans-clothes" "womans-hat" "womans-sandal"
    "world-map" "wrapped-present" "wrench" "yarn" "yoga-mat"
};

static DECODED: LazyLock<Vec<OnceLock<RgbaImage>>> =
    LazyLock::new(|| PICTURES.iter().map(|_| OnceLock::new()).collect());

/// The names of all pictures.
pub fn names() -> impl Iterator<Item = &'static str> {
    PICTURES.iter().map(|(name, _)| *name)
}

/// The file of a picture: WebP, 256 pixels square, the ground transparent.
#[must_use]
pub fn picture(name: &str) -> Option<&'static [u8]> {
    place(name).map(|place| PICTURES[place].1)
}

fn place(name: &str) -> Option<usize> {
    PICTURES.binary_search_by(|(probe, _)| (*probe).cmp(name)).ok()
}

/// The picture's pixels, decoded when it is first asked for and kept: one is drawn hundreds of times.
pub(super) fn decoded(name: &str) -> Result<&'static RgbaImage, PhotoError> {
    let place = place(name).ok_or_else(|| PhotoError::UnknownPicture(name.to_owned()))?;
    if let Some(pixels) = DECODED[place].get() {
        return Ok(pixels);
    }
    let pixels = image::load_from_memory_with_format(PICTURES[place].1, ImageFormat::WebP)?.into_rgba8();
    Ok(DECODED[place].get_or_init(|| pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_sorted_so_that_a_lookup_finds_each() {
        assert!(PICTURES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(names().all(|name| picture(name).is_some()));
        assert!(picture("unicorn").is_none());
    }

    #[test]
    fn every_picture_decodes_to_its_stated_size() {
        for name in names() {
            let pixels = decoded(name).unwrap();
            assert_eq!((pixels.width(), pixels.height()), (256, 256), "{name}");
        }
    }

    #[test]
    fn all_of_them_together_stay_small() {
        let total: usize = PICTURES.iter().map(|(_, file)| file.len()).sum();
        assert!(total < 3 * 1024 * 1024, "{total} bytes");
    }
}
