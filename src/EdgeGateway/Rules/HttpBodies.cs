namespace EdgeGateway.Rules;

/// <summary>Answers of other machines, read up to a limit.</summary>
internal static class HttpBodies
{
    /// <returns>Null where there is more than the limit.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > maxBytes)
                return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
