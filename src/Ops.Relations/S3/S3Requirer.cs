using Ops.Relations.Databags;

namespace Ops.Relations.S3;

/// <summary>The provider gave a bucket and keys, or other ones.</summary>
/// <param name="relation">The relation.</param>
public sealed class S3CredentialsChangedEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The relation ended: the bucket is ours no more.</summary>
/// <param name="relation">The relation.</param>
public sealed class S3CredentialsGoneEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The requirer of <c>s3</c>: asks for a bucket and gives the keys to it.</summary>
/// <remarks>Source: data_platform_libs s3 v0, <c>S3Requirer</c>.</remarks>
public sealed class S3Requirer : OpsObject
{
    readonly CharmBase charm;
    readonly string endpoint;
    readonly string bucket;

    /// <summary>Watches an endpoint.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>s3</c>.</param>
    /// <param name="bucket">Name of the bucket that is wanted; empty leaves it to the provider.</param>
    public S3Requirer(CharmBase charm, string endpoint, string bucket = "") : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        this.bucket = bucket;
        CredentialsChanged = DefineEvent("credentials_changed", snapshot => new S3CredentialsChangedEvent(snapshot.GetRelation()));
        CredentialsGone = DefineEvent("credentials_gone", snapshot => new S3CredentialsGoneEvent(snapshot.GetRelation()));
        charm.On[endpoint].RelationJoined.Observe(OnRelationJoined);
        charm.On[endpoint].RelationChanged.Observe(OnRelationChanged);
        charm.On[endpoint].RelationBroken.Observe(OnRelationBroken);
    }

    /// <summary>The provider gave a bucket and keys, or other ones.</summary>
    public EventSource<S3CredentialsChangedEvent> CredentialsChanged { get; }

    /// <summary>The relation ended: the bucket is ours no more.</summary>
    public EventSource<S3CredentialsGoneEvent> CredentialsGone { get; }

    /// <summary>The bucket and its keys, or why they are not known.</summary>
    public Reading<S3Bucket> Bucket => Model.Relations[endpoint] is [var relation, ..]
        ? S3Bucket.Read(relation.RemoteApplication(), uri => Model.FindSecret(uri))
        : Reading.Missing<S3Bucket>($"no relation \"{endpoint}\"");

    void OnRelationJoined(RelationJoinedEvent e)
    {
        if (charm.Unit.IsLeader)
        {
            // Without a name of its own a requirer asks for one made of the relation's id, as the field's library does.
            e.Relation.Data[charm.App].Set([new("bucket", bucket.Length > 0 ? bucket : $"relation-{e.Relation.Id}")]);
        }
    }

    void OnRelationChanged(RelationChangedEvent e)
    {
        if (Bucket.Value is not null)
        {
            CredentialsChanged.Emit(new(e.Relation));
        }
    }

    void OnRelationBroken(RelationBrokenEvent e) => CredentialsGone.Emit(new(e.Relation));
}
