using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGateway.Api;

/// <summary>A job to be made.</summary>
/// <param name="Things">Names of things that get it.</param>
/// <param name="Groups">Names of groups whose things get it.</param>
/// <param name="Document">What the devices are to do, as JSON of their own.</param>
/// <param name="Continuous">Things that join a group later get it too.</param>
/// <param name="RatePerMinute">Things told in a minute; null: all at once.</param>
/// <param name="TimeoutMinutes">From IN_PROGRESS to TIMED_OUT.</param>
/// <param name="Retries">Further runs after one that failed or timed out.</param>
/// <param name="AbortPercentage">The job is cancelled when so many of those that ended have failed, timed out or refused.</param>
/// <param name="AbortAfter">Things that must have ended before that counts; 1 if absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JobCreateRequest(
    IReadOnlyList<string>? Things, IReadOnlyList<string>? Groups, JsonElement Document, string? Description, bool Continuous, int? RatePerMinute, int? TimeoutMinutes, int? Retries, double? AbortPercentage, int? AbortAfter);
