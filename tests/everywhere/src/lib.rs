//! The tests of this crate hold decisions to one hash: in debug and in release, with
//! the features of the library and without. They stand apart from its other tests
//! because those need crates that turn features on, and take minutes to build.
