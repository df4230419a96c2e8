namespace EdgeGateway.Rules.Functions;

/// <summary>A local function by name (docs/rules.md): a process of our own, or an address that answers HTTP.</summary>
/// <param name="Name">Of a version with it behind: `judge:2`.</param>
public sealed record FunctionDefinition(string Name)
{
    /// <summary>Program and arguments of the process carrier; empty for HTTP.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Where the HTTP carrier posts to; null for a process.</summary>
    public string? Url { get; init; }

    /// <summary>Time one call may take; 2 s if absent.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Calls that may be under way at once; 16 if absent.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>Memory the process may take, in bytes; 256 MB if absent.</summary>
    public long MemoryBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Processor time the process may take, in hundredths of one core; 0: any. Counts where the gateway has a control group of its own.</summary>
    public int CpuPercent { get; init; }

    /// <summary>Processes and threads it may have; 64 if absent.</summary>
    public int MaxProcesses { get; init; } = 64;

    public static bool IsValidName(string name) =>
        name.Length is >= 1 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>Other names of versions, such as `live` for `2`.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>A name, or the last part of an ARN, with the version or alias behind it; `$LATEST` is the name alone.</summary>
    public static string QualifiedNameOf(string arn)
    {
        var start = arn.IndexOf(":function:", StringComparison.Ordinal);
        var name = start < 0 ? arn : arn[(start + ":function:".Length)..];
        return name.EndsWith(":$LATEST", StringComparison.Ordinal) ? name[..^":$LATEST".Length] : name;
    }

    /// <summary>A name, or the last part of an ARN, without version or alias.</summary>
    public static string NameOf(string arn)
    {
        var name = QualifiedNameOf(arn);
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? name : name[..colon];
    }
}
