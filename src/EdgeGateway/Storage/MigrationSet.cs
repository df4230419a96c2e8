namespace EdgeGateway.Storage;

/// <summary>The tables of one slice: SQL steps that are applied once each, in order, and never edited after a release.</summary>
/// <param name="Slice">Lower-case name, such as <c>registry</c>; its steps are numbered from 1.</param>
public sealed record MigrationSet(string Slice, IReadOnlyList<string> Steps);
