internal import CRevmeta

extension Call {
    /// A call without a host, to try a plugin's parts with: it has no deadline, is never cancelled and keeps no log.
    nonisolated(unsafe) public static let trial: Call = {  // what it points to never changes
        let call = UnsafeMutablePointer<revmeta_call>.allocate(capacity: 1)
        var table = revmeta_call()
        table.struct_size = UInt32(MemoryLayout<revmeta_call>.size)
        table.cancelled = { _ in 0 }
        table.log = { _, _, _ in }
        table.fail = { _, _ in }
        call.initialize(to: table)
        return Call(table: CallTable(call))
    }()
}

extension OutcomeSink {
    /// A sink without a host, to try a plugin's parts with.
    ///
    /// - Parameter take: Given the index of what ended; says whether more is wanted.
    public static func trial(_ take: @escaping (_ index: Int) -> Bool) -> OutcomeSink {
        OutcomeSink { take($0.index) }
    }
}
