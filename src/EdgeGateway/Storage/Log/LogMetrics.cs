namespace EdgeGateway.Storage.Log;

/// <param name="Records">Committed since the start.</param>
/// <param name="Bytes">Of those records, overhead included.</param>
/// <param name="Commits">Group commits, one sync each.</param>
/// <param name="ZeroBytes">Zeros written to new segments.</param>
/// <param name="LiveBytes">Between the first position kept and the next to be written.</param>
public readonly record struct LogMetrics(long Records, long Bytes, long Commits, long ZeroBytes, int Segments, long LiveBytes);
