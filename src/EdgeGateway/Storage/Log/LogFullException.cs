namespace EdgeGateway.Storage.Log;

/// <summary>No room on the disk (ENOSPC, EDQUOT). Nothing that was durable is harmed.</summary>
public sealed class LogFullException(string message, Exception? inner = null) : IOException(message, inner);
