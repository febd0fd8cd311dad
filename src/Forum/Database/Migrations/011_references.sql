-- Names, types, keys and indices as Discourse v3.3.0 has them, so that either program can go on from the other's data.

ALTER TABLE javascript_caches ADD CONSTRAINT fk_rails_58f94aecc4 FOREIGN KEY (theme_id) REFERENCES themes(id) ON DELETE CASCADE;
ALTER TABLE javascript_caches ADD CONSTRAINT fk_rails_ed33506dbd FOREIGN KEY (theme_field_id) REFERENCES theme_fields(id) ON DELETE CASCADE;
ALTER TABLE poll_options ADD CONSTRAINT fk_rails_aa85becb42 FOREIGN KEY (poll_id) REFERENCES polls(id);
ALTER TABLE poll_votes ADD CONSTRAINT fk_rails_848ece0184 FOREIGN KEY (poll_option_id) REFERENCES poll_options(id);
ALTER TABLE poll_votes ADD CONSTRAINT fk_rails_a6e6974b7e FOREIGN KEY (poll_id) REFERENCES polls(id);
ALTER TABLE poll_votes ADD CONSTRAINT fk_rails_b64de9b025 FOREIGN KEY (user_id) REFERENCES users(id);
ALTER TABLE polls ADD CONSTRAINT fk_rails_b50b782d08 FOREIGN KEY (post_id) REFERENCES posts(id);
ALTER TABLE user_profiles ADD CONSTRAINT fk_rails_1d362f2e97 FOREIGN KEY (profile_background_upload_id) REFERENCES uploads(id);
ALTER TABLE user_profiles ADD CONSTRAINT fk_rails_38ea484ed4 FOREIGN KEY (granted_title_badge_id) REFERENCES badges(id);
ALTER TABLE user_profiles ADD CONSTRAINT fk_rails_ca64aa462b FOREIGN KEY (card_background_upload_id) REFERENCES uploads(id);
ALTER TABLE user_security_keys ADD CONSTRAINT fk_rails_90999b0454 FOREIGN KEY (user_id) REFERENCES users(id);
