namespace EdgeGateway.Hosting;

/// <summary>The gateway cannot start; the message is one line for a person and says what to do.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
