#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// How long a server asks to wait, from its header `Retry-After`: seconds, or a date.
enum RetryAfter {
    /// - Returns: Milliseconds; 0: it does not say, or says what nobody can read.
    static func milliseconds(_ header: String?, now: Date) -> UInt32 {
        guard let text = header?.trimming(while: { $0 == " " || $0 == "\t" }), !text.isEmpty else { return 0 }
        if let seconds = UInt32(text) { return UInt32(clamping: UInt64(seconds) * 1000) }
        guard let date = HTTPDate.read(text) else { return 0 }
        return UInt32(max(0, min(date.timeIntervalSince(now) * 1000, Double(UInt32.max))))
    }
}

extension String {
    fileprivate func trimming(while isBlank: (Character) -> Bool) -> String {
        String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
