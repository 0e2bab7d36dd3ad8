#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes a value of a text that is held in memory; what is wrong with the text is a sentence.
package func decodeJSON<Answer: Decodable>(_ type: Answer.Type, from bytes: [UInt8]) throws(Fault) -> Answer {
    let data = Data(bytes)
    do {
        return try JSONDecoder().decode(type, from: data)
    } catch let fault as Fault {
        throw fault
    } catch {
        throw Fault(decoding: data, error)
    }
}
