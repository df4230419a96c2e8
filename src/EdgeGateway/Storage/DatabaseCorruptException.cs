namespace EdgeGateway.Storage;

/// <summary>The database file is damaged or is not a database.</summary>
public sealed class DatabaseCorruptException(string file, Exception? inner) : Exception($"{file} is damaged or not a database", inner)
{
    public string File { get; } = file;
}
