using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>A line of the address map.</summary>
/// <param name="First">First address it speaks of.</param>
/// <param name="Steps">Tried in order until one is certain. Their order keeps chips that a later step would disturb from getting it.</param>
/// <param name="Guesses">Chips without identification that are found there.</param>
internal sealed record AddressEntry(int First, int Last, ImmutableArray<IdentificationStep> Steps, ImmutableArray<GuessedChip> Guesses)
{
    /// <summary>Chips the steps can tell, for a message about one they cannot.</summary>
    public string Identifiable { get; init; } = "";
}

/// <summary>One way to tell a chip.</summary>
internal delegate ValueTask<Identification?> IdentificationStep(Probe probe, CancellationToken cancellationToken);

/// <summary>What a step found.</summary>
internal sealed record Identification(string Chip, string Driver, Confidence Confidence, string Reason);

internal sealed record GuessedChip(string Chip, string Driver);
