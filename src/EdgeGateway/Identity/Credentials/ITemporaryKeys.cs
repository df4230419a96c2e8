namespace EdgeGateway.Identity.Credentials;

/// <summary>Temporary credentials of role aliases (AWS guide: HTTPS). Nothing is kept: the session token holds all there is to know, sealed.</summary>
public interface ITemporaryKeys
{
    TemporaryKey Issue(string roleArn, string certificateId, TimeSpan life);

    /// <summary>Ended ones too: see <see cref="TemporaryKey.Expires"/>.</summary>
    /// <returns>Null: the token is none of this gateway's, or not of this key.</returns>
    TemporaryKey? Find(string id, string sessionToken);
}
