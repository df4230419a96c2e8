namespace EdgeGateway.Rules.Secrets;

/// <summary>Passwords and keys for other machines, sealed on disk. A value goes in and never comes out of here again.</summary>
/// <remarks>Thread-safe; changes are durable when their task completes.</remarks>
public interface ISecrets
{
    /// <summary>In order of their names.</summary>
    IReadOnlyList<SecretInfo> All { get; }

    /// <summary>Makes or replaces it.</summary>
    /// <param name="value">1 to 65536 bytes; text as UTF-8.</param>
    Task<RuleError?> SetAsync(string name, ReadOnlyMemory<byte> value);

    Task<RuleError?> RemoveAsync(string name);
}
