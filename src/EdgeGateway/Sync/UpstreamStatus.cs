namespace EdgeGateway.Sync;

/// <summary>How one upstream fares.</summary>
/// <param name="State">One word: <see cref="UpstreamState"/> in lower case.</param>
/// <param name="OldestSeconds">Age of the oldest message waiting; null: none waits.</param>
/// <param name="DrainRate">Messages a second acknowledged lately.</param>
/// <param name="FullInSeconds">When the store will be full at the present rate; null: it will not.</param>
/// <param name="LastError">What went wrong last, in words, until the next success.</param>
/// <param name="WhatToDo">How to mend it.</param>
/// <param name="MonthBytes">Used of <c>limits.month</c>; null: there is no such limit.</param>
public sealed record UpstreamStatus(
    string Name,
    string Kind,
    string Endpoint,
    string State,
    DateTimeOffset? ConnectedSince,
    long BacklogMessages,
    long BacklogBytes,
    double? OldestSeconds,
    double DrainRate,
    double? FullInSeconds,
    string? LastError,
    string? WhatToDo,
    long Dropped,
    long Expired,
    long Parked,
    long Damaged,
    long? MonthBytes);
