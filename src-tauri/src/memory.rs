//! Memory that the program no longer needs.

/// Gives free memory back to the system. The allocator of glibc keeps it for later: after a match and a watch 100 MiB.
/// It takes some milliseconds, and a thread that allocates meanwhile waits.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[allow(unsafe_code)]
    {
        unsafe extern "C" {
            fn malloc_trim(pad: usize) -> std::ffi::c_int;
        }
        // SAFETY: any thread may call it, at any time (malloc_trim(3)).
        unsafe { malloc_trim(0) };
    }
}
