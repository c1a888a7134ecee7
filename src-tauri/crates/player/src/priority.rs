//! The thread that makes sound goes first, those that decode ahead stand back.
//!
//! Where the system refuses, sound still plays; then a larger buffer helps, see `keeper`. On macOS
//! the system itself gives its audio threads what they need.

/// The calling thread makes sound.
pub fn raise() {
    if let Err(why) = imp::raise() {
        tracing::debug!(why, "the audio thread stays at its priority");
    }
}

/// The calling thread can wait.
pub fn lower() {
    if let Err(why) = imp::lower() {
        tracing::debug!(why, "a decoding thread stays at its priority");
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use thread_priority::{
        NormalThreadSchedulePolicy, RealtimeThreadSchedulePolicy, ThreadPriority,
        ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
    };

    /// Of 99; sound servers take 5 to 20.
    const REALTIME: u8 = 10;
    /// Of 99, where 50 is usual: niceness −11 and 10.
    const FIRST: u8 = 76;
    const LAST: u8 = 22;

    pub fn raise() -> Result<(), String> {
        // Realtime where the user may have it, as audio groups do; a lower niceness where not.
        let realtime = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::RoundRobin);
        set(REALTIME, realtime).or_else(|_| set(FIRST, NORMAL))
    }

    pub fn lower() -> Result<(), String> {
        set(LAST, NORMAL)
    }

    const NORMAL: ThreadSchedulePolicy =
        ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Other);

    fn set(priority: u8, policy: ThreadSchedulePolicy) -> Result<(), String> {
        let priority = ThreadPriority::Crossplatform(priority.try_into()?);
        set_thread_priority_and_policy(thread_native_id(), priority, policy)
            .map_err(|e| e.to_string())
    }
}

#[cfg(windows)]
mod imp {
    use thread_priority::{ThreadPriority, set_current_thread_priority};

    pub fn raise() -> Result<(), String> {
        set_current_thread_priority(ThreadPriority::Max).map_err(|e| e.to_string())
    }

    pub fn lower() -> Result<(), String> {
        let low = 30u8.try_into()?;
        set_current_thread_priority(ThreadPriority::Crossplatform(low)).map_err(|e| e.to_string())
    }
}

#[cfg(not(any(target_os = "linux", windows)))]
mod imp {
    pub fn raise() -> Result<(), String> {
        Ok(())
    }

    pub fn lower() -> Result<(), String> {
        Ok(())
    }
}
