namespace EdgeGateway.Storage.Backup;

/// <summary>A backup cannot be made or taken back; the message is one line for a person.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
