namespace EdgeGateway.Broker.Journal;

/// <summary>Types of the broker's log records. Numbers are for ever; all integers are little-endian.</summary>
internal enum JournalRecord : byte
{
    /// <summary>Header: session number (4). Body: expiry in ms (8), away since (8, Unix ms; 0: connected), will flag (1) [and will], client id.</summary>
    Session = 1,

    /// <summary>Header: session number.</summary>
    SessionEnded = 2,

    /// <summary>Header: session number. Body: options (1: QoS, no local, retain as published), identifier (4), filter.</summary>
    Subscribed = 3,

    /// <summary>Header: session number. Body: filter.</summary>
    Unsubscribed = 4,

    /// <summary>Header: message number (8), received at (8), expires at (8), flags (1), topic length (2), properties length (4), the QoS 2 exchange it comes by (4 and 2; 0: none open), client id. Body: topic, properties, payload.</summary>
    Message = 5,

    /// <summary>Header: session number. Body: message number (8), delivery (1: QoS, retain), packet identifier (2), state (1), subscription identifiers (4 each).</summary>
    Queued = 6,

    /// <summary>Header: session number. Body: message number (8), packet identifier (2).</summary>
    Sent = 7,

    /// <summary>Header: session number. Body: message number (8).</summary>
    Acknowledged = 8,

    /// <summary>Header: session number. Body: message number (8).</summary>
    Released = 9,

    /// <summary>Header: session number. Body: packet identifier (2), message number (8; 0: none). Closes the exchange.</summary>
    Received = 10,

    /// <summary>Header: session number. Body: packet identifier (2).</summary>
    Completed = 11,

    /// <summary>Header: message number (8).</summary>
    Retained = 12,

    /// <summary>Header: message number (8) up to which the topic is cleared. Body: topic.</summary>
    RetainedCleared = 13,

    /// <summary>Header: number of the connection (8). Body: client id.</summary>
    Connected = 14,
}
