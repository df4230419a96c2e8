using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGateway.Jobs;

/// <summary>What jobs and templates have in common.</summary>
public sealed record JobSettings
{
    /// <summary>JSON, byte for byte as given; at most 32 KiB.</summary>
    public required string Document { get; init; }

    /// <summary>Where the document came from; null: it was given.</summary>
    public string? DocumentSource { get; init; }

    public string? Description { get; init; }
    public JobRollout? Rollout { get; init; }
    public IReadOnlyList<JobAbort> Aborts { get; init; } = [];
    public IReadOnlyList<JobRetry> Retries { get; init; } = [];

    /// <summary>Minutes from IN_PROGRESS to the end, 1 to 10080; null: no limit.</summary>
    public int? TimeoutMinutes { get; init; }

    /// <summary>Names and values for <c>${aws:iot:parameter:NAME}</c> in the document.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> PackageVersions { get; init; } = [];

    /// <summary>The document as devices get it.</summary>
    [JsonIgnore]
    public string DocumentForDevices => Parameters.Aggregate(Document, static (document, pair) => document.Replace($"${{aws:iot:parameter:{pair.Key}}}", JsonEncodedText.Encode(pair.Value).ToString(), StringComparison.Ordinal));
}
