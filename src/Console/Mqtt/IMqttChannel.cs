namespace EdgeGateway.Pages.Mqtt;

/// <summary>One open byte stream to the gateway's broker.</summary>
internal interface IMqttChannel : IAsyncDisposable
{
    Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <returns>Number of bytes put into <paramref name="buffer"/>; 0 when the other side has closed.</returns>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
