namespace EdgeGateway.Storage;

/// <summary>The database was written by a later version of the gateway.</summary>
public sealed class DatabaseTooNewException(string file, string slice, long found, int known)
    : Exception($"{file} was written by a later version (tables of {slice}: {found}, this version knows {known}); install that version again or restore a backup");
