using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>One value of a wired device: a number with unit and quality, or a word such as <c>on</c>.</summary>
public sealed record WiredValue(string Name, StateValue Value, string Unit, ReadingQuality Quality);
