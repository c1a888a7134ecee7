//! Thread priorities: those of the audio thread and the urgent decoding thread are raised, those of the
//! read-ahead threads are lowered.
//!
//! Where the system refuses, sound still plays, and `output_supervisor` enlarges the buffer after
//! repeated underruns. macOS gives its audio threads realtime priority itself.

/// Raises the priority of the calling thread, the audio thread.
pub fn raise() {
    if let Err(why) = imp::raise() {
        tracing::debug!(why, "the audio thread keeps its priority");
    }
}

/// Raises the priority of the calling thread, for decoding what is about to be heard. It stays below the
/// audio thread's.
pub fn hasten() {
    if let Err(why) = imp::hasten() {
        tracing::debug!(why, "the urgent decoding thread keeps its priority");
    }
}

/// Lowers the priority of the calling thread, for decoding ahead.
pub fn lower() {
    if let Err(why) = imp::lower() {
        tracing::debug!(why, "a decoding thread keeps its priority");
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use thread_priority::{
        NormalThreadSchedulePolicy, RealtimeThreadSchedulePolicy, ThreadPriority,
        ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
    };

    /// Realtime priority, of 99; sound servers use 5 to 20.
    const REALTIME: u8 = 10;
    /// Cross-platform priorities, of 99, where 50 is usual: niceness −11 and 10.
    const HIGH: u8 = 76;
    const LOW: u8 = 22;

    pub fn raise() -> Result<(), String> {
        // Realtime needs a permission that audio groups have; a lower niceness often does not.
        let realtime = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::RoundRobin);
        set(REALTIME, realtime).or_else(|_| set(HIGH, NORMAL))
    }

    pub fn hasten() -> Result<(), String> {
        set(HIGH, NORMAL)
    }

    pub fn lower() -> Result<(), String> {
        set(LOW, NORMAL)
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

    pub fn hasten() -> Result<(), String> {
        let high = 70u8.try_into()?;
        set_current_thread_priority(ThreadPriority::Crossplatform(high)).map_err(|e| e.to_string())
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

    pub fn hasten() -> Result<(), String> {
        Ok(())
    }

    pub fn lower() -> Result<(), String> {
        Ok(())
    }
}
