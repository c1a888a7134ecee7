//! The disk that a catalog lies on.

use std::path::Path;

/// Whether `dir` lies on a file system that several machines may use at once. Those of user space (FUSE) count, because
/// most of them are network shares.
#[cfg(target_os = "linux")]
pub(crate) fn is_shared(dir: &Path) -> bool {
    /// Numbers of `linux/magic.h` and of the drivers: NFS, SMB, CIFS, SMB 2, FUSE, 9p, Ceph, AFS, Coda, OCFS2, GFS2,
    /// VirtualBox, VMware and Lustre.
    const SHARED: [u32; 14] = [
        0x0000_6969,
        0x0000_517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x6573_5546,
        0x0102_1997,
        0x00c3_6400,
        0x5346_414f,
        0x7375_7245,
        0x7461_636f,
        0x0116_1970,
        0x786f_4256,
        0xbacb_acbc,
        0x0bd0_0bd0,
    ];
    // The numbers have 32 bits; the field's width depends on the processor.
    rustix::fs::statfs(dir).is_ok_and(|found| SHARED.contains(&(found.f_type as u32)))
}

/// Whether `dir` is a path of a network share.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_shared(dir: &Path) -> bool {
    use std::path::{Component, Prefix};
    let first = dir.components().next();
    matches!(first, Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)))
}

/// The URI of a database that nobody changes while it is open (<https://www.sqlite.org/uri.html>).
pub(crate) fn unchanging_uri(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut uri = String::from("file:");
    if !bytes.starts_with(b"/") && cfg!(windows) {
        uri.push_str("///");
    }
    for &byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                uri.push(byte.into());
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            b':' if cfg!(windows) => uri.push(':'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_uri_keeps_every_byte_of_a_path() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/a b/50%?#\xff/c.sqlite"));
        let uri = unchanging_uri(path);
        assert_eq!(uri, "file:/a%20b/50%25%3F%23%FF/c.sqlite?immutable=1");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_of_this_machine_is_not_shared() {
        let dir = tempfile::tempdir_in("/dev/shm").unwrap();
        assert!(!is_shared(dir.path()));
    }
}
