import RevmetaPlugin

/// What goes out by which lane, and whose answer is waited for.
struct Traffic {
    private let lanes: Lanes
    private var prepared: PreparedBatches
    /// The lanes whose server works, in the order in which they were sent something.
    private var underway: [Lane] = []

    init(_ lanes: Lanes, _ prepared: PreparedBatches) {
        self.lanes = lanes
        self.prepared = prepared
    }

    /// Has each lane that is free send what is due. Says whether anything is on its way; if not, all is done.
    mutating func proceed(_ outcomes: inout CertainOutcomes, _ call: Call) throws(Failure) -> Bool {
        try beginTogether(call)
        for lane in lanes.all { try proceed(by: lane, &outcomes, call) }
        return !underway.isEmpty
    }

    /// Where several lanes have nothing to go on with, what their next batches are compared with is looked up in one round trip.
    private mutating func beginTogether(_ call: Call) throws(Failure) {
        let idle = lanes.all.filter { $0.flight == nil && $0.next == nil }
        guard idle.count > 1 else { return }
        for lane in idle { lane.next = prepared.takeMessage() }
        let begun = idle.filter { $0.next != nil }
        guard begun.count > 1 else { return }
        let inquiry = Inquiry(begun.flatMap { $0.next?.inquiry.entities ?? [] }, in: lanes.connection.database)
        var readings = try begun[0].reader.read(inquiry, call)[...]
        for lane in begun {
            let count = lane.next?.inquiry.entities.count ?? 0
            lane.readings = Array(readings.prefix(count))
            readings = readings.dropFirst(count)
        }
    }

    /// Prepares what will be due soon.
    mutating func prepare() {
        prepared.fill(lanes.all.count)
    }

    /// Waits for the answer to what was sent first.
    mutating func landOne(_ outcomes: inout CertainOutcomes, _ call: Call) throws(Failure) {
        if let lane = underway.first { try land(lane, &outcomes, call) }
    }

    /// Waits for all answers after a failure. What failed is not sent again.
    mutating func landAll(_ outcomes: inout CertainOutcomes, _ call: Call) {
        for lane in underway {
            lane.flight?.conclude(over: lane.reader, into: &outcomes, call)
            lane.flight = nil
        }
        underway = []
        for lane in lanes.all { (lane.next, lane.readings) = (nil, nil) }
    }

    private mutating func proceed(by lane: Lane, _ outcomes: inout CertainOutcomes, _ call: Call) throws(Failure) {
        while lane.flight == nil, var batch = takeDue(to: lane) {
            if lane.readings == nil {
                lane.readings = try lane.reader.read(batch.inquiry, call) { prepared.fill(lanes.all.count) }
            }
            batch.compare(with: lane.readings ?? [], into: &outcomes)
            lane.readings = nil
            guard batch.isMessage else {
                try batch.run(over: lane.reader, into: &outcomes, call)
                continue
            }
            while let other = underway.first(where: { $0.flight?.contends(with: batch) == true }) {
                try land(other, &outcomes, call)
            }
            lane.next = prepared.takeMessage()
            try batch.post(over: lane.reader, asking: lane.next?.inquiry, call)
            // What has all moved is not sent.
            guard batch.isPosted else { continue }
            lane.flight = batch
            underway.append(lane)
        }
    }

    /// The next batch for a lane. What is no message waits until all before it is done.
    private mutating func takeDue(to lane: Lane) -> BatchRun? {
        if let next = lane.next {
            lane.next = nil
            return next
        }
        let isAlone = underway.isEmpty && lanes.all.allSatisfy { $0.next == nil }
        return isAlone ? prepared.take() : prepared.takeMessage()
    }

    private mutating func land(_ lane: Lane, _ outcomes: inout CertainOutcomes, _ call: Call) throws(Failure) {
        underway.removeAll { $0 === lane }
        guard var batch = lane.flight else { return }
        lane.flight = nil
        lane.readings = try batch.land(over: lane.reader, into: &outcomes, call)
    }
}
