namespace EdgeGateway.Jobs.Streams;

/// <summary>One file of a stream: an object that the gateway keeps in place of S3.</summary>
/// <param name="Id">0 to 255, by which devices ask.</param>
public sealed record StreamFile(int Id, string Bucket, string Key);
