#if canImport(Glibc)
    import Glibc
#endif

/// How the system shares the cores among the threads of a process.
public enum ThreadPriority {
    /// Lets all threads of ordinary priority go before this one: for long calculations, so that a request that is
    /// answered in a millisecond does not wait for its share of a core. It costs a system call, and may be repeated.
    ///
    /// Linux alone keeps a priority for each thread; elsewhere nothing changes.
    public static func lower() {
        #if canImport(Glibc)
            // 0 is the calling thread. That it could be refused is nothing to end a calculation for.
            _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
        #endif
    }
}
