namespace EdgeGateway.Search;

/// <summary>Settings that are not possible (AWS: InvalidRequestException).</summary>
public sealed class IndexSettingsException(string message) : Exception(message);
