//! The priority of the threads that analyse files: below everything that somebody waits for, such as a search of the
//! window or its picture. On an otherwise idle machine they work as fast as before.

/// Lowers the priority of the calling thread, and of those that it starts. Where the system refuses, it stays.
pub(super) fn lower_priority() {
    if let Err(reason) = imp::lower() {
        tracing::debug!(reason, "a thread that analyses files keeps its priority");
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy,
        set_thread_priority_and_policy, thread_native_id,
    };

    /// Of 99, where 50 is usual: niceness 15, a thirtieth of the usual share where others compete.
    const LOW: u8 = 10;

    pub fn lower() -> Result<(), String> {
        let priority = ThreadPriority::Crossplatform(LOW.try_into()?);
        // A batch thread that wakes does not interrupt another.
        let batch = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Batch);
        set_thread_priority_and_policy(thread_native_id(), priority, batch)
            .map_err(|error| error.to_string())
    }
}

#[cfg(windows)]
mod imp {
    use thread_priority::{ThreadPriority, set_current_thread_priority};

    pub fn lower() -> Result<(), String> {
        let low = 30_u8.try_into()?;
        set_current_thread_priority(ThreadPriority::Crossplatform(low))
            .map_err(|error| error.to_string())
    }
}

#[cfg(not(any(target_os = "linux", windows)))]
mod imp {
    pub fn lower() -> Result<(), String> {
        Ok(())
    }
}
