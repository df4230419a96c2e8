namespace EdgeGateway.Gateway;

/// <summary>Bytes towards a client, whatever carries them.</summary>
internal interface ITransport
{
    /// <summary>Writes all of it; completes when the transport has taken it, which is what slows a sender down.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>For transports that take the session's output themselves.</summary>
    /// <returns>False: it does not, so the output must be written to it.</returns>
    bool TryFlush() => false;

    /// <summary>Ends the transport after what was written; never throws.</summary>
    ValueTask CloseAsync();

    /// <summary>Ends the transport at once; never throws.</summary>
    void Abort();
}
