//! The source of a pipeline: the file itself, or bytes that are put before it.

// The macros of GStreamer's bindings write the unsafe code of a subclass; there is none beside it.
#![allow(unsafe_code)]

use crate::{
    MediaError,
    mp4::{Layout, Rebuilt, layout},
    pipeline::element,
};
use gstreamer::{self as gst, glib, prelude::*};
use std::path::Path;

mod imp {
    use gstreamer::{self as gst, glib, subclass::prelude::*};
    use gstreamer_base::{prelude::*, subclass::prelude::*};
    use std::{
        fs::File,
        io::{Read, Seek, SeekFrom},
        sync::{LazyLock, Mutex, PoisonError},
    };

    /// The file and the bytes that precede it.
    #[derive(Default)]
    pub struct Joined {
        pub head: Vec<u8>,
        pub file: Option<File>,
        pub length: u64,
    }

    impl Joined {
        fn fill(&mut self, offset: u64, into: &mut [u8]) -> std::io::Result<()> {
            let ahead = self.head.len() as u64;
            let from_head = usize::try_from(ahead.saturating_sub(offset)).unwrap_or(usize::MAX);
            let (first, second) = into.split_at_mut(from_head.min(into.len()));
            if !first.is_empty() {
                let from = offset as usize;
                let bytes = self.head.get(from..from + first.len());
                first.copy_from_slice(bytes.ok_or(std::io::ErrorKind::UnexpectedEof)?);
            }
            if second.is_empty() {
                return Ok(());
            }
            let file = self.file.as_mut().ok_or(std::io::ErrorKind::NotFound)?;
            file.seek(SeekFrom::Start(offset.max(ahead) - ahead))?;
            file.read_exact(second)
        }
    }

    #[derive(Default)]
    pub struct PrefixedSrc {
        pub joined: Mutex<Joined>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for PrefixedSrc {
        const NAME: &'static str = "NeedledropPrefixedSrc";
        type Type = super::PrefixedSrc;
        type ParentType = gstreamer_base::BaseSrc;
    }

    impl ObjectImpl for PrefixedSrc {
        fn constructed(&self) {
            self.parent_constructed();
            self.obj().set_format(gst::Format::Bytes);
        }
    }

    impl GstObjectImpl for PrefixedSrc {}

    impl ElementImpl for PrefixedSrc {
        fn pad_templates() -> &'static [gst::PadTemplate] {
            static SOURCE: LazyLock<Vec<gst::PadTemplate>> = LazyLock::new(|| {
                let (way, kept) = (gst::PadDirection::Src, gst::PadPresence::Always);
                let made = gst::PadTemplate::new("src", way, kept, &gst::Caps::new_any());
                made.into_iter().collect()
            });
            &SOURCE
        }
    }

    impl BaseSrcImpl for PrefixedSrc {
        fn start(&self) -> Result<(), gst::ErrorMessage> {
            Ok(())
        }

        fn stop(&self) -> Result<(), gst::ErrorMessage> {
            Ok(())
        }

        fn is_seekable(&self) -> bool {
            true
        }

        fn size(&self) -> Option<u64> {
            let joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
            Some(joined.head.len() as u64 + joined.length)
        }

        fn fill(
            &self,
            offset: u64,
            length: u32,
            buffer: &mut gst::BufferRef,
        ) -> Result<gst::FlowSuccess, gst::FlowError> {
            let mut joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
            let left = (joined.head.len() as u64 + joined.length).saturating_sub(offset);
            let size = usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(length as usize);
            if size == 0 {
                return Err(gst::FlowError::Eos);
            }
            {
                let mut bytes = buffer.map_writable().map_err(|_| gst::FlowError::Error)?;
                let into = bytes.get_mut(..size).ok_or(gst::FlowError::Error)?;
                if let Err(error) = joined.fill(offset, into) {
                    let text = format!("the file cannot be read: {error}");
                    gst::element_imp_error!(self, gst::ResourceError::Read, ("{text}"));
                    return Err(gst::FlowError::Error);
                }
            }
            buffer.set_size(size);
            Ok(gst::FlowSuccess::Ok)
        }
    }
}

glib::wrapper! {
    /// Gives the bytes of a file behind other bytes; can seek.
    pub struct PrefixedSrc(ObjectSubclass<imp::PrefixedSrc>)
        @extends gstreamer_base::BaseSrc, gst::Element, gst::Object;
}

/// A source of the clip's bytes, and what its boxes tell.
pub(crate) struct Source {
    pub element: gst::Element,
    /// Its index was made of those of its fragments.
    pub is_fragmented: bool,
    /// Bytes that its index names are missing.
    pub is_cut: bool,
    /// It is an MP4 or MOV without an index.
    pub has_no_index: bool,
}

/// The source for the file at `path`.
pub(crate) fn source(path: &Path) -> Result<Source, MediaError> {
    let layout = layout(path);
    let has_no_index = matches!(layout, Layout::NoIndex);
    if let Layout::Fragmented(rebuilt) = layout {
        let is_cut = rebuilt.is_cut;
        let element = prefixed(path, rebuilt)?;
        return Ok(Source {
            element,
            is_fragmented: true,
            is_cut,
            has_no_index,
        });
    }
    let file = element("filesrc")?;
    file.set_property("location", path);
    // Large reads, because the index pass reads every byte of the range once.
    file.set_property("blocksize", 65_536u32);
    Ok(Source {
        element: file,
        is_fragmented: false,
        is_cut: false,
        has_no_index,
    })
}

fn prefixed(path: &Path, rebuilt: Rebuilt) -> Result<gst::Element, MediaError> {
    use glib::subclass::prelude::*;
    let file = std::fs::File::open(path).map_err(|error| MediaError::Unreadable {
        reason: error.to_string(),
        path: path.into(),
    })?;
    let made: PrefixedSrc = glib::Object::new();
    {
        let joined = &made.imp().joined;
        let mut joined = joined
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *joined = imp::Joined {
            head: rebuilt.head,
            file: Some(file),
            length: rebuilt.length,
        };
    }
    made.set_property("blocksize", 65_536u32);
    Ok(made.upcast())
}
